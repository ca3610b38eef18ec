export { Router, XPublisher } from 'zeromq';
