using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Kalisecu.Cli.Commands.Parts;

/// <summary>A command that does something, with an example for its help.</summary>
internal sealed class Leaf(string name, string description, string example) : Command(name, description)
{
    public string Example { get; } = example;
}

/// <summary>The library's help, and below it an example.</summary>
internal sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Leaf leaf)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  kalisecu {leaf.Example}\n");
        }

        return code;
    }

    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExample((HelpAction)option.Action!);
        }
    }
}
