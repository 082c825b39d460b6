using Kalisecu.Cli;
using Kalisecu.Cli.Commands;

// The library calls the root command after its file; people type another name.
await using var help = new StringWriter();
await using var problems = new StringWriter();
var configuration = new Terminal
{
    Output = help,
    Error = problems,
    EnableDefaultExceptionHandler = false,
    // Ctrl-C and SIGTERM cancel the command; stopping a platform in order takes longer than the default of two seconds.
    ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
};
var parsed = KalisecuCommand.Create().Parse(args);
var exitCode = await parsed.InvokeAsync(configuration);
await Console.Error.WriteAsync(Named(problems));
await Console.Out.WriteAsync(Named(help));
return parsed.Errors.Count > 0 ? ExitCodes.Usage : exitCode;

static string Named(StringWriter writer) =>
    writer.ToString().Replace("Kalisecu.Cli", "kalisecu", StringComparison.Ordinal);
