using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

[Properties(MaxTest = 300)]
public class ResidualBitsTests
{
    [Property]
    public void Bits_of_residuals_find_what_a_sorted_set_finds(int[] members, int[] numbers)
    {
        const int most = ResidualBits.MaxMember;
        var set = new SortedSet<int>();
        var bits = new ResidualBits(most);
        foreach (var member in members.Select(member => Math.Abs(member % (most + 1))))
        {
            Assert.Equal(!set.Add(member), bits.Add(member));
            if (member % 3 == 0)
            {
                set.Remove(member);
                bits.Remove(member);
            }
            Assert.Equal(set.Count > 0 ? set.Max : -1, bits.Last());
            foreach (var number in numbers.Select(number => Math.Abs(number % (most + 1))).Append(member + 1)
                .Where(number => number <= most))
                Assert.Equal(set.GetViewBetween(number, most) is { Count: > 0 } above ? above.Min : -1, bits.Next(number));
        }
        bits.Dispose();
    }
}
