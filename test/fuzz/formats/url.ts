// The state in the URL of the playground, and the spec that the page makes of it.
import { deflateSync, strToU8 } from 'fflate';
import { validateSpec } from 'regulus/experiment';
import { toSpec } from '../../../examples/playground/src/spec.ts';
import { initialState } from '../../../examples/playground/src/state.ts';
import { decodeState, encodeState } from '../../../examples/playground/src/url.ts';
import { decode, type Format } from '../format.ts';
import { mutatedText } from '../mutate.ts';

const content = Buffer.from(deflateSync(strToU8('a,b\n1,x\n2,y\n'))).toString('base64url');
const samples = [
  '#data=blobs&samples=400&noise=0.3&hidden=16-8&v=none&v=l1:0.001,dropout:0.2&v=patience:3,label:My%20own&seed=7',
  `#data=csv&csv=a%20b.csv&target=%23b&header=no&content=${content}&optimizer=sgd&speed=0&metric=loss&scaling=none`,
  encodeState({ ...initialState, hidden: [4], seed: 3 }),
];
const tokens = [
  '&',
  '=',
  ',',
  ':',
  '-',
  '%',
  '%00',
  '%E0',
  '#',
  '1e9',
  '1e999',
  '-1',
  'NaN',
  '0',
  '0.5',
  'label',
  'v=',
  'hidden=',
  '__proto__',
  'constructor',
  'target=',
  'content=',
  'csv=',
  '<img>',
  'none',
  ' ',
];

export const url: Format = {
  name: 'url',
  inputs: mutatedText(samples, tokens),
  read(input) {
    const state = decodeState(decode(input));
    const again = decodeState(encodeState(state));
    if (JSON.stringify(toSpec(again)) !== JSON.stringify(toSpec(state))) throw new Error('a link changes the state');
    validateSpec(toSpec(state));
  },
};
