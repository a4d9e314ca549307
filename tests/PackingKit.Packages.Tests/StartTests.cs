using PackingKit.Testing;
using Xunit;

namespace PackingKit.Packages.Tests;

/// <summary>The programs of samples/Start run where they stand, by the projects of the repository.</summary>
public class StartTests(LocalFeed feed)
{
    [Theory, MemberData(nameof(StartPage.Names), MemberType = typeof(StartPage))]
    public void A_program_prints_what_its_page_says(string name) =>
        StartPage.AssertPrinted(name, feed.Run(Repository.PathOf("samples", "Start"), "run", "-c", LocalFeed.Configuration, name));
}
