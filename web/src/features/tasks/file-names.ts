import { createContext, use, type ReactNode } from 'react';

/** How a file is named where the page knows: by its id. */
export const FileNames = createContext<(id: string) => ReactNode>((id) => id);
export const useFileNames = () => use(FileNames);
