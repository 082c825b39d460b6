using Kalisecu.Certificates;
using Kalisecu.Cli;
using Kalisecu.Cli.Commands;
using Kalisecu.TestKit;
using Xunit;

namespace Kalisecu.IntegrationTests.Cli;

/// <summary>The operator's command line in this process, against a server under test.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string[] _target;

    public CommandLine(TestServer server)
    {
        var (certificate, key) = TestAuthorities.Save(
            server.Authorities.Issue(SpiffeKind.Operator, "cli"),
            _folder.Path,
            "operator"
        );
        PemFiles.WriteCertificate(server.Authorities.Services.Certificate, _folder["ca.crt"]);
        _target =
        [
            $"--server={server.Address}",
            $"--cert={certificate}",
            $"--key={key}",
            $"--ca={_folder["ca.crt"]}",
            $"--data={_folder["data"]}",
        ];
    }

    public string File(string name, string text)
    {
        System.IO.File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    public void KeepSession(string token)
    {
        Directory.CreateDirectory(_folder["data/secrets"]);
        System.IO.File.WriteAllText(_folder["data/secrets/session"], token);
    }

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        await using var results = new StringWriter();
        await using var messages = new StringWriter();
        var terminal = new Terminal
        {
            Results = results,
            Messages = messages,
            Input = TextReader.Null,
            CanAsk = false,
        };
        var target = _target.Where(option =>
            !arguments.Contains(option[..option.IndexOf('=')], StringComparer.Ordinal)
        );
        var parsed = KalisecuCommand.Create().Parse([.. arguments, .. target]);
        Assert.Empty(parsed.Errors);
        var code = await parsed.InvokeAsync(terminal, TestContext.Current.CancellationToken);
        return new CommandResult(code, results.ToString(), messages.ToString());
    }

    public void Dispose() => _folder.Dispose();
}

internal sealed record CommandResult(int Code, string Results, string Messages)
{
    public IReadOnlyList<string> Lines => Results.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
