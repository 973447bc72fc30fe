/** The description of one entry in `manifest.json`, the archive's last entry. */
export interface ManifestEntry {
  readonly path: string;
  readonly bytes: number;
  /** Hex, of the entry's content. */
  readonly sha256: string;
  /** For tables: the number of rows. */
  readonly rows?: number;
  /** The reason why the entry is empty or incomplete. */
  readonly error?: string;
}
