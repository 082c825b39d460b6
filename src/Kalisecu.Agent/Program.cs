using System.CommandLine;
using Kalisecu.Agent.Commands;

var root = new RootCommand("kalisecu-agent reads the reports of scanners beside it and pushes what changed.")
{
    ParseCommand.Create(),
    PushCommand.Create(),
    EnrolCommand.Create(),
    EnrolCommand.CreateRenew(),
    SitesCommand.Create(),
    SitesCommand.CreateStatus(),
};

var parsed = root.Parse(args);
try
{
    var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? ExitCodes.Usage : exitCode;
}
catch (Exception fault) when (fault is not OutOfMemoryException)
{
    // A fault of ours: everything that helps to report it.
    await Console.Error.WriteLineAsync($"kalisecu-agent failed, please report this: {fault}");
    return ExitCodes.Internal;
}
