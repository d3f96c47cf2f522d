export function pageWidth(): number;
export function collidingLabels(): string[];
export function cutLabels(): string[];
/** Empty where nothing has the focus. */
export function focusedText(): string;
/** How many folded parts hide what is in them. */
export function foldedParts(): number;
export function tipStyle(element: object): string;
export function faintTexts(): string[];
export function headingLevels(headings: readonly object[]): number[];
/** Where Mermaid is loaded. */
export function drawnTasks(source: string): Promise<number>;
export function isFocused(element: object): boolean;
export function leftEdge(element: object): number;
export function topAndBottom(element: object): [top: number, bottom: number];
