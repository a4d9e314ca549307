using Xunit;

namespace PackingKit.Tests;

public class SmokeTests
{
    private static int[] Naive(string id, long[] s, long c, int k)
    {
        var order = Enumerable.Range(0, s.Length).ToArray();
        if (id.EndsWith('d')) order = [.. order.OrderByDescending(i => s[i]).ThenBy(i => i)];
        List<long> room = []; List<int> cnt = [];
        var a = new int[s.Length];
        foreach (var i in order)
        {
            var best = -1;
            for (var b = 0; b < room.Count; b++)
            {
                if (room[b] < s[i] || cnt[b] >= k) { continue; }
                if (id[0] == 'n') { if (b == room.Count - 1) best = b; }
                else if (best < 0) best = b;
                else if (id[0] == 'b' && room[b] < room[best]) best = b;
                else if (id[0] == 'w' && room[b] > room[best]) best = b;
            }
            if (id[0] == 'w')
            {   // emptiest open (not closed) bin
                var e = -1;
                for (var b = 0; b < room.Count; b++) if (cnt[b] < k && (e < 0 || room[b] > room[e])) e = b;
                best = e >= 0 && room[e] >= s[i] ? e : -1;
            }
            if (best < 0) { best = room.Count; room.Add(c); cnt.Add(0); }
            room[best] -= s[i]; cnt[best]++; a[i] = best;
        }
        return a;
    }

    [Fact]
    public void Every_heuristic_equals_its_naive_version()
    {
        var r = new Random(1);
        for (var t = 0; t < 20000; t++)
        {
            var c = r.Next(1, 40);
            var n = r.Next(0, 25);
            var s = Enumerable.Range(0, n).Select(_ => (long)r.Next(0, c + 1)).ToArray();
            int? k = r.Next(2) == 0 ? null : r.Next(1, 5);
            var p = PackingProblem.Create(s, c, k);
            foreach (var id in PackingStrategies.Ids)
            {
                var res = PackingStrategies.Create(id).Pack(p);
                var naive = Naive(id, s, c, k ?? int.MaxValue);
                Assert.True(naive.AsSpan().SequenceEqual(res.Packing.BinOfItem), $"{id} [{string.Join(",", s)}] {c} {k}: {string.Join(",", naive)} vs {string.Join(",", res.Packing.BinOfItem.ToArray())}");
                Assert.Empty(PackingValidator.Validate(p, res.Packing));
                Assert.True(res.Gap >= 0);
                if (res.Plan is { } plan) PackingPlan.FromPlacements(p.Histogram, c, plan.Placements.ToArray(), k);
            }
            var a = new int[n];
            FirstFitDecreasing.Assign(s, c, a, k ?? int.MaxValue); Assert.Equal(Naive("ffd", s, c, k ?? int.MaxValue), a);
            BestFitDecreasing.Assign(s, c, a, k ?? int.MaxValue); Assert.Equal(Naive("bfd", s, c, k ?? int.MaxValue), a);
            WorstFitDecreasing.Assign(s, c, a, k ?? int.MaxValue); Assert.Equal(Naive("wfd", s, c, k ?? int.MaxValue), a);
        }
    }
}
