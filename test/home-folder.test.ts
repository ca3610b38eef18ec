import { homedir } from 'node:os';
import { expect, it, vi } from 'vitest';
import { homeFolder } from '../src/home-folder.js';

vi.mock('node:os', { spy: true });

it('a user without a home folder, as a container may have, is at home in /', () => {
  expect(homeFolder()).toBe(homedir());
  vi.mocked(homedir).mockImplementation(() => {
    throw new Error('uv_os_homedir returned ENOENT (no such file or directory)');
  });
  expect(homeFolder()).toBe('/');
});
