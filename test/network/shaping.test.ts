import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  disciplineOf,
  formatRate,
  formatShaping,
  parseDelay,
  parseLoss,
  parseRate,
  ShapingError,
  shapingsIn,
} from '../../src/network/shaping.js';

describe('a rate', () => {
  it.each([
    ['10mbit', 10e6],
    ['1.5 Gbit', 1.5e9],
    ['500kbit', 500e3],
    ['2mbps', 16e6],
    ['9600bit', 9600],
  ])('is read from %s', (text, bits) => expect(parseRate(text)).toBe(bits));

  it.each([
    ['10mbits', 'did you mean 10mbit?'],
    ['10', 'write a number and a unit'],
    ['fast', 'write a number and a unit'],
    ['-1mbit', 'write a number and a unit'],
    ['0mbit', 'from 1kbit to 100gbit'],
    ['9000gbit', 'from 1kbit to 100gbit'],
    ['10constructor', 'write a number and a unit'],
  ])('is refused when it is %s, with what to write', (text, message) => {
    expect(() => parseRate(text)).toThrow(ShapingError);
    expect(() => parseRate(text)).toThrow(message);
  });

  it('is read back from how it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 1e11 }), rate => {
        expect(Math.abs(parseRate(formatRate(rate)) - rate)).toBeLessThanOrEqual(rate * 0.006);
      }),
    );
  });

  it('is never anything but a number or an error of the user', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        for (const parse of [parseRate, parseDelay, parseLoss]) {
          try {
            expect(parse(text)).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(ShapingError);
          }
        }
      }),
    );
  });
});

describe('a delay and a loss', () => {
  it('are read in the units that people write', () => {
    expect(parseDelay('20ms')).toBe(20);
    expect(parseDelay('1.5s')).toBe(1500);
    expect(parseLoss('1%')).toBe(0.01);
    expect(parseLoss('0.5 %')).toBe(0.005);
  });

  it.each([
    [parseDelay, '0ms'],
    [parseDelay, '2h'],
    [parseDelay, 'soon'],
    [parseLoss, '1'],
    [parseLoss, '0%'],
    [parseLoss, '101%'],
  ])('are refused when they make no sense: %o of %s', (parse, text) => {
    expect(() => parse(text)).toThrow(ShapingError);
  });
});

describe('the discipline for tc', () => {
  it('is tbf where a rate is all, which every kernel has, and netem else', () => {
    expect(disciplineOf({ rate: 10e6 }).join(' ')).toBe('tbf rate 10000000bit burst 12500 latency 100ms');
    expect(disciplineOf({ rate: 1e5 })).toContain('3028');
    expect(disciplineOf({ rate: 10e6, delay: 20, loss: 0.01 }).join(' ')).toBe(
      'netem limit 100000 delay 20000us loss 1% rate 10000000bit',
    );
  });

  it('is told again in the words in which it was asked for', () => {
    // What iproute2 6.1 prints: rates in bytes a second, times in seconds, parts from 0 to 1.
    const tbf =
      '[{"kind":"noqueue","handle":"0:","dev":"lo","root":true,"refcnt":2,"options":{}},{"kind":"tbf","handle":"8002:","dev":"eth0","root":true,"refcnt":2,"options":{"rate":1250000,"burst":32767,"lat":50000}}]';
    expect(shapingsIn(tbf)).toEqual([{ link: 'eth0', shaping: { rate: 10e6 } }]);
    const netem =
      '[{"kind":"netem","handle":"8003:","dev":"eth0","root":true,"refcnt":2,"options":{"limit":1000,"delay":{"delay":0.02,"jitter":0,"correlation":0},"loss-random":{"loss":0.01,"correlation":0},"rate":{"rate":1250000,"packetoverhead":0,"cellsize":0,"celloverhead":0},"ecn":false,"gap":0}}]';
    const [found] = shapingsIn(netem);
    expect(found).toEqual({ link: 'eth0', shaping: { rate: 10e6, delay: 20, loss: 0.01 } });
    expect(formatShaping(found!.shaping)).toBe('10mbit, 20 ms, 1%');
    expect(shapingsIn('[{"kind":"noqueue","dev":"eth0","root":true}]')).toEqual([]);
  });
});
