using Xunit;

namespace PackingKit.Packages.Tests;

/// <summary>Copied from the page into an empty folder, a program runs by packages alone.</summary>
public class PackagedStartTests(LocalFeed feed)
{
    [Theory, MemberData(nameof(StartPage.Names), MemberType = typeof(StartPage))]
    public void A_program_prints_what_its_page_says(string name)
    {
        var folder = feed.EmptyFolder(Path.GetFileNameWithoutExtension(name));
        File.WriteAllText(Path.Combine(folder, name), StartPage.Code(name));
        StartPage.AssertPrinted(name, feed.Run(folder, "run", name));
    }
}
