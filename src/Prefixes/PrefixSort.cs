namespace PackingKit;

/// <summary>
/// Merge sort of prompts that keeps, for each, how many symbols it shares with the one before it, and never compares those again
/// (Ng, Kakehi 2008). O(symbols + n log n) time.
/// </summary>
internal static class PrefixSort
{
    /// <summary>The prompts in order, equal ones in input order, and what each shares with the one before it (the first: 0).</summary>
    public static (int[] Order, int[] Shared) Sort<TRows>(TRows rows)
        where TRows : struct, IPromptRows
    {
        var count = rows.Count;
        var (order, shared) = (new int[count], new int[count]);
        var (otherOrder, otherShared) = (new int[count], new int[count]);
        for (var i = 0; i < count; i++)
            order[i] = i;
        for (long width = 1; width < count; width *= 2)
        {
            for (long start = 0; start < count; start += 2 * width)
            {
                var (middle, end) = ((int)Math.Min(count, start + width), (int)Math.Min(count, start + (2 * width)));
                Merge(rows, order, shared, (int)start, middle, end, otherOrder, otherShared);
            }
            (order, otherOrder) = (otherOrder, order);
            (shared, otherShared) = (otherShared, shared);
        }
        return (order, shared);
    }

    private static void Merge<TRows>(
        TRows rows, int[] order, int[] shared, int start, int middle, int end, int[] toOrder, int[] toShared)
        where TRows : struct, IPromptRows
    {
        var (left, right, at) = (start, middle, start);
        // What the heads of both runs share with the prompt that was put out last.
        int ofLeft = 0, ofRight = 0;
        while (left < middle && right < end)
        {
            // The head that shares more with the last one is nearer to it, hence first; where both share as much, they are compared.
            var takeLeft = ofLeft > ofRight;
            var (outShared, between) = takeLeft ? (ofLeft, ofRight) : (ofRight, ofLeft);
            if (ofLeft == ofRight)
            {
                between = rows.Shared(order[left], order[right], ofLeft);
                takeLeft = rows.Compare(order[left], order[right], between) <= 0;
            }
            toShared[at] = outShared;
            if (takeLeft)
            {
                toOrder[at++] = order[left++];
                (ofLeft, ofRight) = (left < middle ? shared[left] : 0, between);
            }
            else
            {
                toOrder[at++] = order[right++];
                (ofLeft, ofRight) = (between, right < end ? shared[right] : 0);
            }
        }
        var (rest, restEnd, ofRest) = left < middle ? (left, middle, ofLeft) : (right, end, ofRight);
        if (rest < restEnd)
        {
            Array.Copy(order, rest, toOrder, at, restEnd - rest);
            Array.Copy(shared, rest, toShared, at, restEnd - rest);
            toShared[at] = ofRest;
        }
    }
}
