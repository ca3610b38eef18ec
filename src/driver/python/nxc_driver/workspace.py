"""The environment and the working directory: those of the notebook's cells of every kind, both ways."""

import os


class Workspace:
    def __init__(self, front):
        self._front = front
        self._cwd, self._env = None, {}
        front.before_call(self.share)

    def enter(self, cwd, env):
        """Goes where the notebook is now."""
        for name in [name for name in os.environ if name not in env]:
            del os.environ[name]
        os.environ.update(env)
        self._env = dict(os.environ)
        self.go(cwd)

    def go(self, cwd):
        if cwd != self._cwd:
            os.chdir(cwd)
            self._cwd = cwd

    def share(self):
        """Sends the notebook what scripts changed, so that it is known before what comes next."""
        change, now = {}, dict(os.environ)
        if now != self._env:
            names = [name for name in {**self._env, **now} if now.get(name) != self._env.get(name)]
            change["env"] = {name: now.get(name) for name in names}
        cwd = _current_folder() or self._cwd
        if cwd != self._cwd:
            change["cwd"] = cwd
        if change and not self._front.forked:
            self._front.send({"method": "workspace", "params": change})
            self._cwd, self._env = cwd, now


def _current_folder():
    try:
        return os.getcwd()
    except OSError:
        # It is gone, and with it its name.
        return None
