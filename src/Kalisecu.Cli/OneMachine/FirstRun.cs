using NodaTime;

namespace Kalisecu.Cli.OneMachine;

/// <summary>
/// Shows the main job on a data folder that has not seen it: its steps run in their order, and the folder is marked when
/// all are done, so that an interrupted first run is finished by the next.
/// </summary>
internal sealed class FirstRun(DataFolder data, Progress progress, Output output, IClock clock)
{
    private string Mark => MarkOf(data);

    /// <summary>The file that says that the main job was shown on this data folder.</summary>
    public static string MarkOf(DataFolder data) => data["run/first-run-done"];

    public bool IsDue => !File.Exists(Mark);

    /// <summary>Runs what is left to do, against the running server.</summary>
    public async Task RunAsync(ConnectionTarget target, int enrolmentPort, CancellationToken cancellationToken)
    {
        var client = new SampleClient(data, target, clock);
        var scan = new SampleScan(data, client);
        foreach (var step in Steps(target, enrolmentPort, client, scan))
        {
            await progress.Step(step.Doing, step.Done, () => step.Work(cancellationToken));
        }

        await scan.ShowAsync(output, cancellationToken);

        // Commands find the default folder by themselves.
        var folder = string.Equals(data.Folder, DataFolder.Default, StringComparison.Ordinal)
            ? ""
            : $" --data {data.Folder}";
        progress.Say(
            $"""
            Signed in as the development administrator; its password and second factor are in
            {DevelopmentPerson.PathOf(data)}: for this machine only, never for a real platform.

            Where to go next:
              ./kalisecu findings list{folder}                  the weaknesses of {SampleClient.Name}
              ./kalisecu reports show {scan.ReportId}{folder}
              ./kalisecu access-log list{folder}                who read and changed what
              ./kalisecu agent push --state {data.Agent} --site {client.SiteId} REPORT
              ./kalisecu --help                         everything else

            """
        );
        await File.WriteAllTextAsync(Mark, "", cancellationToken);
    }

    private IEnumerable<FirstRunStep> Steps(
        ConnectionTarget target,
        int enrolmentPort,
        SampleClient client,
        SampleScan scan
    ) =>
        [
            new(
                "Signing an administrator in",
                "An administrator, invited and signed in with a second factor",
                cancellationToken => new DevelopmentSignIn(data, clock).EnsureAsync(target, cancellationToken)
            ),
            new("Creating a client", $"Client {SampleClient.Name}", client.EnsureTenantAsync),
            new("Creating its site", $"Site {SampleClient.SiteUrl}", client.EnsureSiteAsync),
            new("Recording the authorisation", "Signed authorisation in force", client.EnsureAuthorisationAsync),
            new(
                "Enrolling an agent",
                $"Agent enrolled, its state in {data.Agent}",
                cancellationToken => client.EnsureAgentAsync(enrolmentPort, cancellationToken)
            ),
            new("Pushing a report of testssl.sh", "Report of testssl.sh pushed by the agent", scan.EnsurePushedAsync),
            new("Composing the report", "Report composed and published", scan.EnsurePublishedAsync),
        ];
}

/// <summary>One step of the first run; a repeat of it changes nothing more.</summary>
internal sealed record FirstRunStep(string Doing, string Done, Func<CancellationToken, Task> Work);
