using System.CommandLine;
using Kalisecu.Agent.Commands;

var root = new RootCommand("kalisecu-agent reads the reports of scanners beside it and pushes what changed.")
{
    ParseCommand.Create(),
};

var parsed = root.Parse(args);
var exitCode = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ExitCodes.Usage : exitCode;
