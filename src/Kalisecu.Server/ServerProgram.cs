using System.ComponentModel.DataAnnotations;
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

        var app = ServerHost.Build(Read(file), Capabilities.All, builder => builder.Host.UseSystemd());
        await app.RunAsync();
        return 0;
    }

    private static ServerSettings Read(string file)
    {
        var settings =
            new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false)
                .AddEnvironmentVariables("KALISECU_")
                .Build()
                .Get<ServerSettings>()
            ?? new ServerSettings();
        Validator.ValidateObject(settings, new ValidationContext(settings), validateAllProperties: true);
        return settings;
    }
}
