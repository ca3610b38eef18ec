/** One reading of a node's counters. Cumulative unless said otherwise; absent where the flavour cannot tell. */
export interface Counters {
  node: string;
  /** Unix time in milliseconds at which it was read. */
  at: number;
  cpuSeconds?: number;
  /** Bytes in use now. */
  memoryBytes?: number;
  receivedBytes?: number;
  sentBytes?: number;
  readBytes?: number;
  writtenBytes?: number;
}

/** Reads the counters of all nodes of a deployment at once. */
export interface CounterSource {
  read(signal?: AbortSignal): Promise<Counters[]>;
}
