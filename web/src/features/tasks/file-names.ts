import { createContext, use, type ReactNode } from 'react';

/** Names of files by id, as far as they are loaded. */
export const FileNames = createContext<(id: string) => ReactNode>((id) => id);
export const useFileNames = () => use(FileNames);
