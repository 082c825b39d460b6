using Kalisecu.Hosting;

namespace Kalisecu.Server;

/// <summary>The server process: reads its settings file, serves until it is told to stop.</summary>
internal static class ServerProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["--settings", var file])
        {
            await Console.Error.WriteLineAsync("usage: Kalisecu.Server --settings FILE");
            return 2;
        }

        var app = ServerHost.Build(
            SettingsFile.Read<ServerSettings>(file),
            Capabilities.All,
            builder => builder.Host.UseSystemd()
        );
        await app.RunAsync();
        return 0;
    }
}
