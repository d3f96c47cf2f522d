/** One part of the way back. */
export interface UndoStep {
  /** What it does, as a person reads it before deciding. */
  readonly text: string;
  /** Can be run again however an earlier run ended. */
  execute(): Promise<void>;
}
