using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Testing;
using Xunit;

namespace Kalisecu.TestKit;

/// <summary>
/// The real server over a database of its own, with real mutual TLS on loopback: <c>IClassFixture&lt;TestServer&gt;</c>.
/// Its clock starts at the real time and moves only when a test moves it.
/// </summary>
public sealed class TestServer : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);
    private WebApplication? _app;

    public TestServer() => Given = new Given(this);

    internal TestDatabase Database { get; init; } = new();

    internal TestAuthorities Authorities { get; } = new();

    internal Given Given { get; }

    /// <summary>What this server has otherwise than any other; the last word on its services.</summary>
    internal Action<IServiceCollection> Otherwise { get; init; } = _ => { };

    internal LogKeeper Logs { get; } = new();

    internal FakeClock Clock { get; } = new(SystemClock.Instance.GetCurrentInstant());

    internal ServerSettings Settings { get; private set; } = new();

    internal Uri Address { get; private set; } = new("https://localhost");

    internal Uri EnrolmentAddress { get; private set; } = new("https://localhost");

    internal IServiceProvider Services =>
        _app?.Services ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>A channel with a certificate of this kind and name; the same for the same pair.</summary>
    internal GrpcChannel Channel(SpiffeKind kind, string name)
    {
        lock (_channels)
        {
            var key = $"{kind}/{name}";
            if (!_channels.TryGetValue(key, out var channel))
            {
                _channels[key] = channel = Connect(Authorities.Issue(kind, name));
            }

            return channel;
        }
    }

    /// <summary>A channel of its own with this certificate, or with none.</summary>
    internal GrpcChannel Connect(X509Certificate2? certificate, Uri? address = null) =>
        TestChannels.Open(address ?? Address, Authorities.ServicesRoots, certificate);

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        Settings = TestSettings.Write(_folder, Authorities, Database.Server);
        _app = ServerHost.Build(
            Settings,
            Capabilities.All,
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(Logs);
                builder.Services.AddSingleton<IClock>(Clock);
                Otherwise(builder.Services);
            }
        );
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var ports = addresses.Select(a => new Uri(a).Port).ToList();
        Address = new Uri($"https://localhost:{ports[0]}");
        EnrolmentAddress = new Uri($"https://localhost:{ports[1]}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Dispose();
        }

        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        await Database.DisposeAsync();
        Authorities.Dispose();
        _folder.Dispose();

        // A server under test logs no error that the test did not announce.
        if (Logs.Unannounced() is [var first, ..])
        {
            throw new InvalidOperationException($"The server logged an error that no test announced: {first}");
        }
    }
}
