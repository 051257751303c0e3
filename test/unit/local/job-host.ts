/**
 * A local SageMaker in a process of its own, so that a test can kill it. Arguments: its folder, the address of S3, how often a
 * job may be begun again.
 */
import { jobSageMaker } from './job-sagemaker.ts';

const [folder = '', s3 = '', maxRestarts] = process.argv.slice(2);
const { url } = await jobSageMaker(folder, s3, { maxRestarts: Number(maxRestarts) });
console.log(url);
