import { useCallback, useState } from 'react';

/** Start loading shortly before an element comes into view. */
const MARGIN = '200px';

/** Whether an element has been in view, and the ref to give it. Long lists load what is looked at. */
export function useSeen(): { readonly seen: boolean; readonly ref: (element: HTMLElement | null) => void } {
  // Test environments have no observer; all is in view there.
  const [seen, setSeen] = useState(typeof IntersectionObserver === 'undefined');
  const ref = useCallback(
    (element: HTMLElement | null) => {
      if (!element || seen) return undefined;
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
        },
        { rootMargin: MARGIN },
      );
      observer.observe(element);
      return () => observer.disconnect();
    },
    [seen],
  );
  return { seen, ref };
}
