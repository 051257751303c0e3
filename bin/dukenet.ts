import { App } from 'aws-cdk-lib';
import { dukenet } from '../lib/dukenet.ts';
import { readStage } from '../lib/stage.ts';

const app = new App();
dukenet(
  app,
  readStage({
    context: (name): unknown => app.node.tryGetContext(name),
    environment: process.env,
  }),
);
