#!/usr/bin/env python3
"""What reading the history of a large repository costs, and whether what was read is right.

usage: history_figures.py REPO [--mira build/release/mira] [--bench build/release/bench/mira_git_bench]
                          [--blamed 60] [--rebased 1000] [--commits 20] [--scratch DIR] [--seed 7]
REPO is any clone; it is cloned again without its files, so that only its history is indexed, and never changed.
Beside each figure stands git's own for the same walk. CPU seconds are those of the program and of every git it
waited for; peak memory is the largest single process of its own, and the largest git.
Told: first reading, a new commit, a rebase of many commits (and whether its rows are those of a fresh reading),
lines that git blame gives to the same commit, milliseconds of a question with the history in memory.
"""
import argparse, glob, json, os, random, re, resource, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument('repo')
ap.add_argument('--mira', default='build/release/mira')
ap.add_argument('--bench', default='build/release/bench/mira_git_bench')
ap.add_argument('--blamed', type=int, default=60, help='files compared with git blame')
ap.add_argument('--rebased', type=int, default=1000)
ap.add_argument('--commits', type=int, default=20, help='new commits, one by one')
ap.add_argument('--scratch')
ap.add_argument('--seed', type=int, default=7)
a = ap.parse_args()
mira = os.path.abspath(a.mira)
random.seed(a.seed)

WALK = ['log', '--date-order', '--reverse', '-z', '--raw', '-M', '--no-abbrev', '--format=%H%x00%P%x00%at%x00%ct%x00%aN%x00%aE%x00%B%x00', 'HEAD']
PATCHES = ['log', '--reverse', '--topo-order', '-p', '-U0', '-M', '--no-color', '--full-index', 'HEAD']
PATCHES_PLAIN = ['log', '-p', 'HEAD']


def spend(words, folder, env=None, stdin=None):
    """-> stdout, wall s, CPU s with children, peak MB of it or a child"""
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(words, cwd=folder, env=env, stdout=out, stderr=subprocess.DEVNULL, stdin=stdin)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        if child.returncode:
            sys.exit('%s: exit %d' % (' '.join(words[:4]), child.returncode))
        out.seek(0)
        return out.read(), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def git_cpu(words, folder):
    with open(os.devnull, 'w') as null:
        child = subprocess.Popen(['git'] + words, cwd=folder, stdout=null, stderr=null)
        _, _, usage = os.wait4(child.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def git(folder, *words, data=None):
    return subprocess.run(['git', '-C', folder, *words], input=data, capture_output=True, check=True).stdout


class Project:
    def __init__(self, folder, home):
        self.folder, self.home = folder, home
        self.env = dict(os.environ, MIRA_HOME=home, LC_ALL='C.UTF-8')

    def index(self):
        text, wall, cpu, peak = spend([mira, 'index', '--json'], self.folder, self.env)
        parts = {p['indexer']: p for p in json.loads(text)['data']['parts']}
        return dict(wall=wall, cpu=cpu, peak=peak, history=parts['history'])

    def database(self):
        newest = max(glob.glob(self.home + '/projects/*/index.db'), key=os.path.getmtime)
        return newest

    def rows(self):
        """What is stored of the history, by commit ids and paths and not by numbers."""
        db = sqlite3.connect('file:%s?mode=ro' % self.database(), uri=True)
        db.text_factory = bytes
        ask = lambda sql: sorted(db.execute(sql).fetchall(), key=repr)
        return dict(
            commits=ask('SELECT hash, parents, name, email, author_time_ms, commit_time_ms, order_time_s, generation, is_merge, subject, body,'
                        ' files, insertions, deletions FROM git_commits JOIN git_authors USING (author_id)'),
            files=ask('SELECT hash, ordinal, status, n.path, o.path, f.insertions, f.deletions FROM git_commit_files f JOIN git_commits'
                      ' USING (commit_id) JOIN git_paths n ON n.path_id = f.path_id LEFT JOIN git_paths o ON o.path_id = f.old_path_id'),
            alive=ask('SELECT path FROM git_files JOIN git_paths USING (path_id) WHERE alive'),
            stated=ask('SELECT window, asked, bin, chain, round(weight, 6), round(stated, 6), round(came_true, 6) FROM git_stated'),
            owned=ask('SELECT path, blob, lines FROM blame_annotations'))


def blame_differences(project, files):
    """-> lines compared, lines given to another commit than git blame gives them to"""
    asked = ''.join(json.dumps(dict(id=n, place=f)) + '\n' for n, f in enumerate(files))
    out = subprocess.run([mira, 'blame', '--batch'], input=asked.encode(), cwd=project.folder, env=project.env, capture_output=True).stdout
    lines = wrong = unanswered = 0
    for name, text in zip(files, out.splitlines()):
        answer = json.loads(text)
        theirs = [l.split()[0].decode() for l in git(project.folder, 'blame', '--porcelain', 'HEAD', '--', name).split(b'\n')
                  if re.match(rb'^[0-9a-f]{40} \d+ \d+', l)]
        if 'error' in answer:
            unanswered += 1
            continue
        ours = [None] * len(theirs)
        for r in answer['ranges']:
            ours[r['start'] - 1:r['end']] = [r['commit']] * (r['end'] - r['start'] + 1)
        lines += len(theirs)
        wrong += sum(x != y for x, y in zip(ours, theirs))
    return lines, wrong, unanswered


def rebase(project, count):
    """Rewrites the last commits of the first line of parents: other committer times, so other ids."""
    folder = project.folder
    back, first = count, None
    ids = git(folder, 'rev-list', '--first-parent', '-n', str(count + 1), 'HEAD').decode().split()
    low, high = 1, len(ids) - 1
    while low < high:            # as many back that about `count` commits are rewritten
        middle = (low + high) // 2
        n = int(git(folder, 'rev-list', '--count', ids[middle] + '..HEAD'))
        if n < count: low = middle + 1
        else: high = middle
    n = int(git(folder, 'rev-list', '--count', ids[low] + '..HEAD'))
    stream = git(folder, 'fast-export', '--no-data', '--signed-tags=strip', ids[low] + '..HEAD')
    stream = re.sub(rb'(?m)^(committer .*> )(\d+)( [+-]\d+)$', lambda m: m.group(1) + str(int(m.group(2)) + 1).encode() + m.group(3), stream)
    stream = re.sub(rb'(?m)^(commit|reset) \S+$', rb'\1 refs/heads/mira-rebased', stream)
    git(folder, 'fast-import', '--quiet', '--force', data=stream)
    git(folder, 'update-ref', 'HEAD', git(folder, 'rev-parse', 'refs/heads/mira-rebased').decode().strip())
    return n


def main():
    scratch = a.scratch or tempfile.mkdtemp(prefix='mira-history-')
    folder = os.path.join(scratch, 'history')
    if not os.path.isdir(folder):
        subprocess.run(['git', 'clone', '-q', '--no-checkout', a.repo, folder], check=True)
    project = Project(folder, os.path.join(scratch, 'home'))
    shutil.rmtree(project.home, ignore_errors=True)
    walk, walk_mb = git_cpu(WALK, folder)
    patches, _ = git_cpu(PATCHES_PLAIN, folder)
    first = project.index()
    own = first['history']['cpu_ms'] / 1000
    print('%s: %s commits' % (os.path.basename(a.repo.rstrip('/')), first['history']['added']), flush=True)
    print('names and renames: %.1f CPU-s of its own beside the %.1f of git (%.2fx git alone), %.1f s wall' % (
        own, walk, (own + walk) / walk, first['history']['took_ms'] / 1000), flush=True)
    print('everything, lines included: %.1f CPU-s, peak %.0f MB (git\'s walk alone: %.0f MB); one git log -p: %.1f CPU-s (%.2fx)' % (
        first['cpu'], first['peak'], walk_mb, patches, first['cpu'] / patches), flush=True)
    files = [f for f in git(folder, 'ls-tree', '-r', '--name-only', '-z', 'HEAD').decode('utf8', 'replace').split('\0') if f]
    lines, wrong, unanswered = blame_differences(project, random.sample(files, min(a.blamed, len(files))))
    print('as git blame: %.3f %% of %d lines (%d files not answered)' % (100 * (1 - wrong / max(1, lines)), lines, unanswered), flush=True)
    took = []
    for number in range(a.commits):
        tree, parent = git(folder, 'rev-parse', 'HEAD^{tree}').decode().strip(), git(folder, 'rev-parse', 'HEAD').decode().strip()
        path = random.choice(files)
        blob = git(folder, 'hash-object', '-w', '--stdin', data=b'changed %d\n' % number).decode().strip()
        env = dict(os.environ, GIT_INDEX_FILE=os.path.join(scratch, 'index'))
        for words in (['read-tree', parent], ['update-index', '--add', '--cacheinfo', '100644,%s,%s' % (blob, path)]):
            subprocess.run(['git', '-C', folder] + words, env=env, check=True)
        tree = subprocess.run(['git', '-C', folder, 'write-tree'], env=env, capture_output=True, check=True).stdout.decode().strip()
        made = git(folder, 'commit-tree', '-p', parent, '-m', 'change %d' % number, tree).decode().strip()
        git(folder, 'update-ref', 'HEAD', made)
        took.append(project.index()['history'])
    print('a new commit: median %d ms, worst %d ms; CPU of its own median %d ms' % (
        statistics.median(t['took_ms'] for t in took), max(t['took_ms'] for t in took), statistics.median(t['cpu_ms'] for t in took)), flush=True)
    rebased = rebase(project, a.rebased)
    again = project.index()['history']
    print('a rebase of %d commits: %.2f s, CPU of its own %.2f s' % (rebased, again['took_ms'] / 1000, again['cpu_ms'] / 1000), flush=True)
    kept = project.rows()
    fresh = Project(folder, os.path.join(scratch, 'fresh'))
    shutil.rmtree(fresh.home, ignore_errors=True)
    fresh.index()
    for name, rows in fresh.rows().items():
        print('rows of %s, kept against fresh: %d differ of %d' % (name, len(set(map(repr, rows)) ^ set(map(repr, kept[name]))), len(rows)))
    if os.path.exists(a.bench):
        print(subprocess.run([a.bench, 'latency', fresh.database()], capture_output=True, text=True).stdout, end='')
    if not a.scratch:
        shutil.rmtree(scratch)


main()
