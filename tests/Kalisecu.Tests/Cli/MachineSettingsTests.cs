using Kalisecu.Cli.OneMachine;
using Kalisecu.TestKit;

namespace Kalisecu.Tests.Cli;

public sealed class MachineSettingsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private DataFolder Data => new(_folder["data"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Chosen_ports_are_kept_for_the_next_start()
    {
        Data.Prepare();
        var chosen = MachineSettings.Choose(Data, port: 0);
        chosen.Write(Data, "Host=/run");

        Assert.Equal(chosen, MachineSettings.Choose(Data, port: null));
    }

    [Fact]
    public void A_given_port_brings_the_next_one_for_enrolment()
    {
        var chosen = MachineSettings.Choose(Data, port: 9000);

        Assert.Equal((9000, 9001), (chosen.Port, chosen.EnrolmentPort));
    }

    [Fact]
    public void Settings_that_cannot_be_read_are_told_with_what_to_do()
    {
        Data.Prepare();
        File.WriteAllText(Data.Settings, "{ \"Listen\": 1 }");

        Assert.Throws<StepFailed>(() => MachineSettings.Read(Data));
    }

    [Fact]
    public void A_folder_of_something_else_is_not_touched()
    {
        Directory.CreateDirectory(Data.Folder);
        File.WriteAllText(Data["letter.txt"], "");

        Assert.Throws<StepFailed>(Data.Prepare);
        Assert.Single(Directory.GetFileSystemEntries(Data.Folder));
    }

    [Fact]
    public void A_process_is_known_again_by_its_start()
    {
        var ours = ProcessIdentity.Of(Environment.ProcessId)!;

        Assert.True(ours.IsAlive);
        Assert.False((ours with { StartTicks = ours.StartTicks - 1 }).IsAlive);
    }
}
