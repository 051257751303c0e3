import type { Schemas } from '../../../../client/typescript/src/types.ts';

export type Task = Schemas['Task'];
export type CreateTask = Schemas['CreateTask'];
export type Item = Schemas['Item'];
export type Result = Schemas['Result'];
export type ResultItem = Schemas['ResultItem'];
export type Feedback = Schemas['Feedback'];
export type File = Schemas['File'];
export type Wallet = Schemas['Wallet'];
export type LedgerEntry = Schemas['LedgerEntry'];
export type Pricing = Schemas['Pricing'];
export type ModelStatus = Schemas['ModelStatus'];
export type ModelVersion = Schemas['ModelVersion'];
export type ModelMetrics = Schemas['ModelMetrics'];
export type TrainingRun = Schemas['TrainingRun'];
export type TrainingRunSummary = Schemas['TrainingRunSummary'];
