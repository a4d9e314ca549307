using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

public class PackingRecordTests
{
    private static readonly PackingProblem Problem = PackingProblem.Create([6, 4, 5, 5, 1], new BinLimits(10, 2));

    private static readonly PackingRecord Right = new()
    {
        File = "sizes.txt",
        Strategy = "bfd",
        Capacity = 10,
        Items = 5,
        Bins = 3,
        LowerBound = 3,
        Status = PackingStatus.Optimal,
        ElapsedMs = 0.25,
        Assignment = new[] { 0, 0, 1, 1, 2 },
        MaxItems = 2,
    };

    [Fact]
    public void The_json_of_a_record_has_its_settled_shape() => Assert.Equal(
        """{"file":"sizes.txt","strategy":"bfd","capacity":10,"items":5,"bins":3,"lowerBound":3,"status":"optimal","elapsedMs":0.25"""
        + ""","assignment":[0,0,1,1,2],"maxItems":2}""",
        Right.ToJson());

    [Fact]
    public void Where_there_is_no_item_limit_the_json_names_none() =>
        Assert.EndsWith("[0,0,1,1,2]}", (Right with { MaxItems = null }).ToJson());

    [Property]
    public Property The_record_of_any_result_reads_back_and_is_valid()
    {
        var problems = Arb.From(
            from capacity in Gen.Choose(1, 30)
            from sizes in Gen.Choose(0, capacity).ArrayOf()
            from id in Gen.Elements(PackingStrategies.Ids.Where(id => id.Length <= 3).ToArray())
            select (sizes, capacity, id),
            given => given.sizes.Select((_, i) => ((int[])[.. given.sizes[..i], .. given.sizes[(i + 1)..]], given.capacity, given.id)));
        return Prop.ForAll(problems, given =>
        {
            var problem = PackingProblem.Create(given.sizes, given.capacity);
            var result = PackingStrategies.Create(given.id).Pack(problem);
            var read = PackingRecord.FromJson(PackingRecord.Of("a \"b\" ü.txt", result).ToJson());
            Assert.Equal("a \"b\" ü.txt", read.File);
            Assert.Equal(result.Packing.BinOfItem.ToArray(), read.Assignment.ToArray());
            Assert.Empty(read.Validate(problem));
        });
    }

    public static TheoryData<PackingRecord, PackingViolation[]> Wrongs => new()
    {
        { Right with { Capacity = 11 }, [new PackingViolation.WrongFigure("capacity", "11", "10")] },
        { Right with { MaxItems = null }, [new PackingViolation.WrongFigure("maxItems", "none", "2")] },
        { Right with { Items = 6 }, [new PackingViolation.WrongFigure("items", "6", "5")] },
        { Right with { Status = PackingStatus.Feasible }, [new PackingViolation.WrongFigure("status", "Feasible", "Optimal")] },
        { Right with { LowerBound = 2 }, [new PackingViolation.WrongFigure("status", "Optimal", "Feasible")] },
        { Right with { LowerBound = 4, Status = PackingStatus.Feasible }, [new PackingViolation.WrongFigure("lowerBound", "4", "3")] },
        { Right with { LowerBound = -1, Status = PackingStatus.Feasible }, [new PackingViolation.WrongFigure("lowerBound", "-1", "0")] },
        {
            Right with { Bins = int.MaxValue, LowerBound = int.MaxValue },
            [
                new PackingViolation.WrongFigure(
                    "bins", "2147483647", "5"), new PackingViolation.WrongFigure("lowerBound", "2147483647", "5"),
                new PackingViolation.EmptyBin(3), new PackingViolation.EmptyBin(4),
            ]
        },
        { Right with { Bins = 4, LowerBound = 4 }, [new PackingViolation.EmptyBin(3)] },
        { Right with { Assignment = new[] { 0, 0, 1, 1 } }, [new PackingViolation.EmptyBin(2), new PackingViolation.MissingItem(4)] },
        { Right with { Assignment = new[] { 0, 0, 1, 1, 2, 2 } }, [new PackingViolation.UnknownItem(5, 2)] },
        { Right with { Assignment = new[] { 0, 0, 1, 1, 3 } },
            [new PackingViolation.UnknownBin(4, 3, 3), new PackingViolation.EmptyBin(2), new PackingViolation.MissingItem(4)] },
        { Right with { Assignment = new[] { 0, 0, 1, 1, -1 } },
            [new PackingViolation.UnknownBin(4, -1, 3), new PackingViolation.EmptyBin(2), new PackingViolation.MissingItem(4)] },
        { Right with { Assignment = new[] { 0, 2, 0, 1, 2 } }, [new PackingViolation.OverCapacity(0, 11, 10)] },
        { Right with { Assignment = new[] { 0, 1, 1, 2, 1 } }, [new PackingViolation.TooManyItems(1, 3, 2)] },
    };

    [Theory]
    [MemberData(nameof(Wrongs), DisableDiscoveryEnumeration = true)]
    public void Everything_wrong_is_named(PackingRecord wrong, PackingViolation[] violations) =>
        Assert.Equal(violations, wrong.Validate(Problem));

    [Fact]
    public void A_long_line_is_not_quoted_whole() =>
        Assert.InRange(Assert.Throws<FormatException>(() => PackingRecord.FromJson(new string('n', 100_000))).Message.Length, 1, 500);

    [Theory]
    [InlineData("nonsense", "invalid JSON literal")]
    [InlineData("null", "null")]
    [InlineData("-false0", "invalid")]
    [InlineData("{}", "file")]
    [InlineData(
        """{"file":"a","strategy":"bfd","capacity":10,"items":0,"bins":0,"lowerBound":0,"status":"optimal","elapsedMs":1e400"""
        + ""","assignment":[]}""", "finite")]
    [InlineData(
        """{"file":"a","strategy":"bfd","capacity":10,"items":0,"bins":0,"lowerBound":0,"status":"optimal","elapsedMs":-1"""
        + ""","assignment":[]}""", "negative")]
    [InlineData("""{"file":"a","strategy":"bfd","capacity":10,"items":0,"bins":0,"lowerBound":0,"status":"optimal","elapsedMs":1}""",
        "assignment")]
    [InlineData(
        """{"file":"a","strategy":"bfd","capacity":10,"items":0,"bins":0,"lowerBound":0,"status":"best","elapsedMs":1,"assignment":[]}""",
        "$.status")]
    [InlineData(
        """{"file":"a","strategy":"bfd","capacity":10,"items":0,"bins":0,"lowerBound":0,"status":0,"elapsedMs":1,"assignment":[]}""",
        "$.status")]
    [InlineData(
        """{"file":"a","strategy":"bfd","capacity":10,"items":0,"bins":0,"lowerBound":0,"status":"optimal","elapsedMs":1"""
        + ""","assignment":[1.5]}""", "$.assignment[0]")]
    public void What_is_not_a_record_is_refused_with_the_reason(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => PackingRecord.FromJson(json)).Message);
}
