// Classes of the host. Not every program declares them (`tsc --lib es2022` has none), and these types compile in all.

type Instance<C extends string, Otherwise> = typeof globalThis extends { readonly [N in C]: { prototype: infer T } }
  ? T
  : Otherwise;
type OfWebAssembly<C extends string> = typeof globalThis extends {
  WebAssembly: { readonly [N in C]: { prototype: infer T } };
}
  ? T
  : never;

/** The host's `AbortSignal`. */
export type HostSignal = Instance<'AbortSignal', { readonly aborted: boolean; readonly reason: unknown }>;
/** The host's `URL`. */
export type HostUrl = Instance<'URL', { readonly href: string }>;
/** The host's `Response`. */
export type HostResponse = Instance<'Response', { readonly ok: boolean; arrayBuffer(): Promise<ArrayBuffer> }>;
/** The host's `Worker`. */
export type HostWorker = Instance<'Worker', { postMessage(message: unknown): void; terminate(): void }>;
/** The host's `WebAssembly.Module`. */
export type WasmModule = OfWebAssembly<'Module'>;
/** The host's `WebAssembly.Memory`. */
export type WasmMemory = OfWebAssembly<'Memory'>;
