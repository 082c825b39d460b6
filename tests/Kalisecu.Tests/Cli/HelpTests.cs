using System.CommandLine;
using Kalisecu.Cli;
using Kalisecu.Cli.Commands;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Tests.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Examples() => [.. Leaves(KalisecuCommand.Create()).Select(leaf => leaf.Example)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_a_right_command_line(string example) =>
        Assert.Empty(KalisecuCommand.Create().Parse(example.Replace('\'', '"')).Errors);

    [Fact]
    public async Task Help_ends_with_an_example()
    {
        await using var help = new StringWriter();

        var code = await KalisecuCommand
            .Create()
            .Parse("sites create --help")
            .InvokeAsync(new Terminal { Output = help }, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("Example:\n  kalisecu sites create --name", help.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<Leaf> Leaves(Command command) =>
        command.Subcommands.SelectMany(sub => sub is Leaf leaf ? [leaf] : Leaves(sub));
}
