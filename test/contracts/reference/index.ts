// The references of all kinds, by kind and type.
import { references as augmentation } from './augmentation.ts';
import { references as callback } from './callback.ts';
import { references as constraint } from './constraint.ts';
import { references as initializer } from './initializer.ts';
import { references as layer } from './layer.ts';
import { references as loss } from './loss.ts';
import { references as metric } from './metric.ts';
import { references as optimizer } from './optimizer.ts';
import { references as regularizer } from './regularizer.ts';
import { references as schedule } from './schedule.ts';

export const references = {
  augmentation,
  callback,
  constraint,
  initializer,
  layer,
  loss,
  metric,
  optimizer,
  regularizer,
  schedule,
};
