using System.CommandLine;
using Kalisecu.Agent.Enrolment;
using Kalisecu.Agent.Push;

namespace Kalisecu.Agent.Commands;

/// <summary><c>push</c>: spools reports and pushes what is spooled.</summary>
internal static class PushCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files")
        {
            Description = "Reports to push; none: push what is spooled.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var site = new Option<Guid?>("--site")
        {
            Description = "The site that was scanned; see `kalisecu-agent sites`.",
        };
        var format = new Option<string?>("--format")
        {
            Description = "The reports' format. Default: as their content says.",
        };
        var tool = new Option<string?>("--tool") { Description = "The scanner's name. Default: as the report says." };
        var complete = new Option<bool>("--complete")
        {
            Description = "The whole site was visited: what was not seen is gone.",
        };
        var partial = new Option<bool>("--partial") { Description = "Not all was visited: nothing is closed." };
        var watch = new Option<bool>("--watch")
        {
            Description = "Stay, and push what is spooled as soon as the server takes it.",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object for each pushed scan." };
        var state = AgentCommand.StateOption();
        var command = new Command(
            "push",
            $"Pushes reports of a site: each is read to its end, spooled on disk, then sent until the server has it all.\n\nExample: kalisecu-agent push --site 018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e5f report.xml\n\n{ExitCodes.Help}"
        )
        {
            files,
            site,
            format,
            tool,
            complete,
            partial,
            watch,
            json,
            state,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(files) is { Length: > 0 } && result.GetValue(site) is null)
            {
                result.AddError("Say which site was scanned: --site UUID (see `kalisecu-agent sites`).");
            }

            if (result.GetValue(complete) && result.GetValue(partial))
            {
                result.AddError("A scan is either --complete or --partial.");
            }
        });
        command.SetAction(
            (arguments, cancellationToken) =>
            {
                var run = new PushRun(
                    StateFolder.Choose(arguments.GetValue(state)),
                    new PushOutput(arguments.GetValue(json)),
                    arguments.GetValue(watch)
                );
                bool? visited =
                    arguments.GetValue(complete) ? true
                    : arguments.GetValue(partial) ? false
                    : null;
                return run.RunAsync(
                    arguments.GetValue(files) ?? [],
                    arguments.GetValue(format),
                    new ScanChoices(arguments.GetValue(site) ?? Guid.Empty, arguments.GetValue(tool), visited),
                    cancellationToken
                );
            }
        );
        return command;
    }
}
