namespace PackingKit;

/// <summary>A line that holds something, with its number in the file, from 1.</summary>
internal readonly record struct SizeLine(int Number, string Text);
