import { absent } from './absent.js';

/** The programs of main.ts. */
export const toolNames = [
  'journalctl',
  'logger',
  'systemd-cat',
  'systemd-run',
  'hostnamectl',
  'loginctl',
  'timedatectl',
  ...Object.keys(absent),
];
