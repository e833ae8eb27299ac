// Makes text safe in HTML and XML.

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** `text` for use as element content or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return withoutForbidden(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/**
 * `text` with a sign in the place of each character that no XML document may hold, escaped or not (XML 1.0, section 2.2), and
 * of those that turn the direction of writing, also of what stands behind `text`.
 */
export function withoutForbidden(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\u2029\u202F-\u2065\u206A-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
