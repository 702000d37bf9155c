#!/usr/bin/env python3
"""Fits the trees of co-change (src/knowledge/git/cochange_{order,confidence}.trees).

usage: cochange_fit.py rows INDEX.DB... --bench build/release/mira_git_bench --out DIR
       cochange_fit.py fit DIR [--folder src/knowledge/git]
       cochange_fit.py calibrate DIR [--folder src/knowledge/git]
       cochange_fit.py check DIR [--folder src/knowledge/git]
Needs numpy and lightgbm (fitted with 2.4 and 4.7).  rows: for each indexed repository a fitting window (the 2,500 commits
of several files before the last 1,000) and a test window (the last 1,000).  fit: reads only the fitting windows.
check: recall and calibration of the trees on the test windows, by the rules of the scorer.
Order: LambdaMART over the candidates of each question.  Confidence: boosted trees on log loss; questions weigh as they
occur.  Features that mean "together more often" are held monotone in the confidence.
"""
import argparse, os, subprocess, sys
import numpy as np

# How each feature is spelled in cochange_features.h, in order.
FEATURES = '''sized10_mean sized10_most r10_mean sized40_mean r40_most r3_most count_mean cosine_most reverse_most asked_with
overlap best_overlap last_joint_entries last_joint_weeks in_last_entry busy_steady busy_weeks busy_days changed_weeks
own_entries name_mean folder_mean folder_most same_folder same_ending from_folder from_kind from_ending from_births
own_recent own_steady own_last asked_count asked_least_entries asked_mean_entries asked_new asked_entry_size mixed
entry_size spelling_most folder_to_folder sized_square joint_most'''.split()
RISING = set('''sized10_mean sized10_most r10_mean sized40_mean r40_most r3_most count_mean cosine_most overlap in_last_entry
name_mean from_kind from_births own_recent mixed sized_square'''.split())
NEAR = 20       # of a question's candidates all of the first are fitted on,
FAR = .25       # and of the rest those that were changed and this share of the others


def load(stem):
    rows = np.fromfile(stem + '.rows', dtype=np.float32).reshape(-1, len(FEATURES))
    groups, labels = [], []
    for line in open(stem + '.groups'):
        p = line.split()
        groups.append(tuple(map(int, p[:7])))
        labels.append(np.frombuffer((p[7] if len(p) > 7 else '').encode(), dtype=np.uint8) - 48)
    return rows, groups, np.concatenate(labels)


def sampled(rows, groups, labels, share, draw):
    """-> rows, groups, labels, weight of each row for what the left out ones would have said"""
    keep, weight, cut, at = [], [], [], 0
    for g in groups:
        k = g[2]
        if draw.random() < share:
            y = labels[at:at + k]
            far = (np.arange(k) >= NEAR) & (y == 0)
            kept = ~far | (draw.random(k) < FAR)
            keep.append(at + np.nonzero(kept)[0])
            weight.append(np.where(far, 1 / FAR, 1)[kept])
            cut.append(g[:2] + (int(kept.sum()),) + g[3:])
        at += k
    keep = np.concatenate(keep)
    return rows[keep], cut, labels[keep], np.concatenate(weight)


def trees_of(model):
    def walk(node):
        if 'leaf_value' in node:
            return '=%.4g' % node['leaf_value']
        assert node['decision_type'] == '<='
        return '%d<%.5g %s %s' % (node['split_feature'], node['threshold'], walk(node['left_child']), walk(node['right_child']))
    return [walk(t['tree_structure']) for t in model.dump_model()['tree_info']]


def write(path, what, model):
    with open(path, 'w') as o:
        o.write('# %s\n# Made by bench/cochange_fit.py: see there. One tree a line, in preorder.\n' % what)
        o.write('\n'.join(trees_of(model)) + '\n')


def parse(path):
    def grow(words):
        w = next(words)
        if w[0] == '=':
            return float(w[1:])
        f, t = w.split('<')
        return int(f), np.float32(t), grow(words), grow(words)
    return [grow(iter(l.split())) for l in open(path) if l.strip() and l[0] != '#']


def total(trees, rows):
    out = np.zeros(len(rows))
    def add(node, idx):
        if isinstance(node, float):
            out[idx] += node
            return
        f, t, left, right = node
        low = rows[idx, f] <= t
        add(left, idx[low])
        add(right, idx[~low])
    for t in trees:
        add(t, np.arange(len(rows)))
    return out


def recall(groups, labels, score, k=5):
    by, at = {0: {}, 1: {}}, 0
    for g in groups:
        y, s = labels[at:at + g[2]], score[at:at + g[2]]
        at += g[2]
        by[g[1]].setdefault(g[0], []).append(y[np.argsort(-s, kind='stable')][:k].sum() / g[3])
    return [round(100 * float(np.mean([np.mean(v) for v in by[kind].values()])), 1) for kind in (0, 1)]


def calibration(groups, labels, order, stated, kind):
    p, y, w, at = [], [], [], 0
    for g in groups:
        if g[1] == kind:
            best = at + np.argsort(-order[at:at + g[2]], kind='stable')[:10]
            p.append(stated[best]); y.append(labels[best]); w.append(np.full(len(best), g[5] / g[6]))
        at += g[2]
    p, y, w = map(np.concatenate, (p, y, w))
    bins = np.minimum(9, (p * 10).astype(int))
    ece = sum(abs((w * (p - y))[bins == b].sum()) for b in range(10)) / w.sum()
    return round(float(ece), 4), round(float((w * (p - y) ** 2).sum() / w.sum()), 4)


def fit(stems, folder, a):
    import lightgbm as lgb
    draw = np.random.default_rng(1)
    parts = [sampled(*load(s), a.share, draw) for s in stems]
    rows = np.concatenate([p[0] for p in parts])
    labels = np.concatenate([p[2] for p in parts])
    groups = [g for p in parts for g in p[1]]
    sizes = [g[2] for g in groups]
    per_commit = np.concatenate([np.full(g[2], 1 / g[6]) for g in groups])    # the scorer's mean of means
    occurring = np.concatenate([np.full(g[2], g[5] / g[6]) for g in groups]) * np.concatenate([p[3] for p in parts])
    print(len(groups), 'questions', len(labels), 'rows', flush=True)
    common = dict(num_leaves=a.leaves, learning_rate=a.rate, min_data_in_leaf=80, feature_fraction=.6, bagging_fraction=.8, bagging_freq=1,
                  seed=1, max_bin=63, lambda_l2=5., verbose=-1, num_threads=2, deterministic=True)
    if a.only != 'confidence':
        order = lgb.train(dict(common, objective='lambdarank', lambdarank_truncation_level=12, label_gain=[0, 1]),
                          lgb.Dataset(rows, labels, weight=per_commit, group=sizes), a.rounds)
        write(folder + '/cochange_order.trees', 'Puts the likeliest partners first.', order)
    if a.only != 'order':
        rising = [int(f in RISING) for f in FEATURES]
        sure = lgb.train(dict(common, objective='binary', num_leaves=8, monotone_constraints=rising),
                         lgb.Dataset(rows, labels, weight=occurring), a.rounds // 2)
        write(folder + '/cochange_confidence.trees', 'Says how likely a partner is: logistic of the sum.', sure)


def calibrate(stems, folder):
    """prints what to stretch and move the stated sums by, for one asked file and for several (cochange.cpp)"""
    order, sure = parse(folder + '/cochange_order.trees'), parse(folder + '/cochange_confidence.trees')
    for kind in (0, 1):
        x, y, w = [], [], []
        for s in stems:
            rows, groups, labels = load(s)
            at = 0
            for g in groups:
                if g[1] == kind:
                    best = at + np.argsort(-total(order, rows[at:at + g[2]]))[:10]
                    x.append(total(sure, rows[best])); y.append(labels[best]); w.append(np.full(len(best), g[5] / g[6]))
                at += g[2]
        x, y, w = map(np.concatenate, (x, y, w))
        X, t = np.stack([x, np.ones(len(x))], 1), np.array([1., 0.])
        for _ in range(20):
            p = 1 / (1 + np.exp(-X @ t))
            t = t + np.linalg.solve((X * (w * p * (1 - p))[:, None]).T @ X, (X * (w * (y - p))[:, None]).sum(0))
        print('one asked file' if kind == 0 else 'several', 'slope %.3f shift %.3f' % tuple(t))


def check(stems, folder):
    order, sure = parse(folder + '/cochange_order.trees'), parse(folder + '/cochange_confidence.trees')
    for s in stems:
        rows, groups, labels = load(s)
        score, stated = total(order, rows), 1 / (1 + np.exp(-total(sure, rows)))
        print(os.path.basename(s), 'R@5 one file, all but one: mix', recall(groups, labels, rows[:, FEATURES.index('mixed')]),
              'trees', recall(groups, labels, score), 'ECE, Brier:', calibration(groups, labels, score, stated, 0),
              calibration(groups, labels, score, stated, 1), flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument('what', choices=('rows', 'fit', 'calibrate', 'check'))
    ap.add_argument('places', nargs='+')
    ap.add_argument('--bench')
    ap.add_argument('--out')
    ap.add_argument('--folder', default='src/knowledge/git')
    ap.add_argument('--only', choices=('order', 'confidence'))
    ap.add_argument('--share', type=float, default=.7, help='of the questions')
    ap.add_argument('--rounds', type=int, default=160)
    ap.add_argument('--leaves', type=int, default=15)
    ap.add_argument('--rate', type=float, default=.07)
    a = ap.parse_args()
    if a.what == 'rows':
        for n, index in enumerate(a.places):
            for name, skip, count, each, most in (('fit', 1000, 2500, 2, 50), ('test', 0, 1000, 6, 120)):
                subprocess.run([a.bench, 'rows', index, '%s/%d.%s' % (a.out, n, name)] + [str(x) for x in (skip, count, each, most)], check=True)
        return
    found = sorted(os.path.join(a.places[0], f[:-5]) for f in os.listdir(a.places[0]) if f.endswith('.rows'))
    if a.what == 'fit':
        fit([s for s in found if s.endswith('.fit')], a.folder, a)
    elif a.what == 'calibrate':
        calibrate([s for s in found if s.endswith('.fit')], a.folder)
    else:
        check([s for s in found if s.endswith('.test')], a.folder)


if __name__ == '__main__':
    main()
