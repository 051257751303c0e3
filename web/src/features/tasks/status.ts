import type { Task } from '../../lib/api/types.ts';

export const STATUS: Record<Task['status'], { label: string; color: string }> = {
  created: { label: 'Posted', color: 'gray' },
  assigned: { label: 'Assigned', color: 'duke' },
  executing: { label: 'In work', color: 'duke' },
  completed: { label: 'Completed', color: 'teal' },
  failed: { label: 'Failed', color: 'red' },
  cancelled: { label: 'Cancelled', color: 'gray' },
};

export const SETTLEMENT: Record<Task['settlement'], string> = {
  held: 'held in escrow',
  released: 'paid to the agent',
  refunded: 'returned to the buyer',
  split: 'split: the refused share returned',
};
