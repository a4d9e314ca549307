using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class RecordTests
{
    [Fact]
    public void Every_record_compares_by_content() => Assert.Empty(RecordEquality.ByReference(typeof(PackingResult).Assembly));

    [Fact]
    public void A_record_with_an_array_is_found() =>
        Assert.Contains("Held.Items is of Int32[]", RecordEquality.ByReference(typeof(RecordTests).Assembly));

    /// <summary>What the test above finds.</summary>
    public sealed record Held(int[] Items);
}
