import { createRequire } from 'node:module';

// By require: of an import Node first reads the whole source, for the names that it exports, while a front-end waits.
export const { Router, XPublisher } = createRequire(import.meta.url)('zeromq') as typeof import('zeromq');
export type Router = import('zeromq').Router;
export type XPublisher = import('zeromq').XPublisher;
