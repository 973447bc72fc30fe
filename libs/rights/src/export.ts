/** What is in the archive: the last entry, `manifest.json`. */
export interface ManifestEntry {
  readonly path: string;
  readonly bytes: number;
  /** Hex, of the entry's content. */
  readonly sha256: string;
  /** Of tables: how many. */
  readonly rows?: number;
  /** Why the entry is empty or breaks off. */
  readonly error?: string;
}
