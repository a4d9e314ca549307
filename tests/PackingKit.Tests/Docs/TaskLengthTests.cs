using System.Text.RegularExpressions;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Of the tasks of docs/tasks.md none has grown: today's code has at most the lines and characters of the code before.</summary>
public partial class TaskLengthTests
{
    private static readonly string Page = Repository.PathOf("docs", "tasks.md");

    public static readonly TheoryData<int> Tasks = [1, 2, 3, 4, 5, 6, 7];

    [Fact]
    public void The_page_has_the_seven_tasks_each_before_and_today()
    {
        var marks = File.ReadLines(Page).Where(line => Mark().IsMatch(line)).Select(line => line.Split('.')[0]);
        Assert.Equal(Tasks.SelectMany(task => (string[])[$"## {task.Data}", "```text", "```", "```csharp", "```"]), marks);
    }

    [Theory, MemberData(nameof(Tasks))]
    public void A_task_takes_no_more_code_than_before(int task)
    {
        var (before, today) = (Code("```text", task), Code("```csharp", task));
        Assert.True(Lines(today) <= Lines(before), $"Task {task} took {Lines(before)} lines and takes {Lines(today)}:\n{today}");
        Assert.True(Characters(today) <= Characters(before),
            $"Task {task} took {Characters(before)} characters and takes {Characters(today)}:\n{today}");
    }

    [Fact]
    public void What_the_review_found_long_is_shorter() =>
        Assert.All([1, 2, 3, 4], task =>
            Assert.True(Characters(Code("```csharp", task)) < Characters(Code("```text", task)), $"Task {task}"));

    /// <summary>A block without comments, which are not code.</summary>
    private static string Code(string fence, int task) =>
        Comment().Replace(CodeBlockTests.Between(Page, fence, "```").ElementAt(task - 1).Text, "");

    private static int Lines(string code) => code.Split('\n').Length;

    private static int Characters(string code) => code.Count(character => !char.IsWhiteSpace(character));

    [GeneratedRegex("^(## |```)")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\s*//.*")]
    private static partial Regex Comment();
}
