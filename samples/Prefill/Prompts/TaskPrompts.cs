using System.Globalization;

namespace PackingKit.Samples.Prefill.Prompts;

/// <summary>
/// Questions of several tasks, each after the examples of its task: lengths alone, with random token IDs, the same for the examples of a
/// task.
/// </summary>
internal sealed class TaskPrompts : IPromptSet
{
    private const int TaskStep = 5; // from batch to batch: short examples and long ones, whatever the order of the tasks

    private readonly (int Examples, int[] Questions)[] _tasks;
    private readonly int _tasksOfBatch;
    private readonly int _maxLength;

    private TaskPrompts(string name, (int Examples, int[] Questions)[] tasks, int tasksOfBatch, int maxLength)
    {
        (Name, _tasks, _tasksOfBatch, _maxLength) = (name, tasks, tasksOfBatch, maxLength);
        Lengths = [.. tasks.SelectMany(task => task.Questions.Select(question => Math.Min(task.Examples + question, maxLength)))];
    }

    public string Name { get; }

    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Reads lines of task, tokens of its examples, tokens of a question, below a line of titles.</summary>
    public static TaskPrompts Read(string path, int tasksOfBatch, int maxLength)
    {
        var tasks = File.ReadLines(path).Skip(1).Select(line => line.Split(',')).GroupBy(cells => cells[0], StringComparer.Ordinal)
            .OrderBy(task => task.Key, StringComparer.Ordinal)
            .Select(task => (Number(task.First()[1]), task.Select(cells => Number(cells[2])).ToArray())).ToArray();
        if (tasksOfBatch > tasks.Length)
            throw new BadInputException($"--tasks {tasksOfBatch}: there are {tasks.Length}.");
        return new TaskPrompts(Path.GetFileNameWithoutExtension(path), tasks, tasksOfBatch, maxLength);

        static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
    }

    /// <summary>Of all: batches do not take them in the order of <see cref="Lengths"/>.</summary>
    public int Longest(long prompts) => Lengths.Max();

    /// <summary>The first questions of some tasks, in equal parts as far as they go.</summary>
    public int[][][] Batches(int count, int size, int vocabulary, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(batch =>
        {
            var prompts = new List<int[]>();
            for (var part = 0; part < _tasksOfBatch; part++)
            {
                var (examples, questions) = _tasks[(batch * _tasksOfBatch + part) * TaskStep % _tasks.Length];
                var beginning = Tokens(examples);
                var share = (size - prompts.Count) / (_tasksOfBatch - part);
                for (var i = 0; i < share; i++)
                {
                    int[] prompt = [.. beginning, .. Tokens(questions[i % questions.Length])];
                    prompts.Add(prompt.Length <= _maxLength ? prompt : prompt[.._maxLength]);
                }
            }
            return prompts.ToArray();
        })];

        int[] Tokens(int length)
        {
            var tokens = new int[length];
            for (var i = 0; i < length; i++)
                tokens[i] = random.Next(vocabulary);
            return tokens;
        }
    }
}
