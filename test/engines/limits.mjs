// How long the parts of a run may take, in seconds.
export const limits = {
  /** A whole run in Node, whose first use downloads it. */
  node: 180,
  launch: 40,
  jobs: 60,
  close: 10,
};
