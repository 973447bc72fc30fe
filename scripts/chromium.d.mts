import type { Browser } from 'playwright-core';

export declare const CHROMIUM: readonly string[];
export declare function launchBrowser(): Promise<Browser>;
