using System.Diagnostics;
using Spectre.Console;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Shows steps as they run: a spinner on a terminal, a line each elsewhere.</summary>
internal sealed class Progress(IAnsiConsole console)
{
    public async Task<T> Step<T>(string doing, string done, Func<Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        var result = console.Profile.Out.IsTerminal
            ? await console.Status().StartAsync(Markup.Escape(doing) + "…", _ => work())
            : await work();
        console.Write(new Text("✓ ", new Style(Color.Green)));
        console.WriteLine($"{done} ({watch.Elapsed.TotalSeconds:0.0} s)");
        return result;
    }

    public Task Step(string doing, string done, Func<Task> work) =>
        Step<bool>(
            doing,
            done,
            async () =>
            {
                await work();
                return true;
            }
        );

    public void Say(string text) => console.WriteLine(text);
}
