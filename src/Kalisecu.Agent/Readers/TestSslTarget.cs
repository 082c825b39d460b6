using System.Text.Json;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>Pretty JSON says once, before a target's rows, what the flat form repeats in each row.</summary>
internal sealed class TestSslTarget
{
    /// <summary>{ scanResult: [ { section: [ { row: rows stand inside four others.</summary>
    public const int RowDepth = 4;

    private string _host = string.Empty;
    private string _ip = string.Empty;
    private string _port = string.Empty;

    /// <summary>Takes the value after the name at hand, when it is one of a target or of the scan.</summary>
    public ReportedScan? Take(JsonTokens tokens)
    {
        var name = tokens.Value;
        if (name is not ("targetHost" or "ip" or "port" or "version" or "startTime" or "scanTime"))
        {
            return null;
        }

        tokens.ReadValue();
        switch (name)
        {
            case "targetHost":
                _host = tokens.Value;
                break;
            case "ip":
                _ip = tokens.Value;
                break;
            case "port":
                _port = tokens.Value;
                break;
            case "version":
                return new ReportedScan("testssl", PlainText.Name(tokens.Value), Started: null, Ended: null);
            case "startTime":
                return new ReportedScan("testssl", string.Empty, Times.UnixSeconds(tokens.Value), Ended: null);
            default:
                break;
        }

        return null;
    }

    public TestSslRow Row(JsonElement row) =>
        new(
            row.Text("id") ?? string.Empty,
            row.Text("ip") ?? $"{_host}/{_ip}",
            row.Text("port") ?? _port,
            row.Text("severity") ?? string.Empty,
            row.Text("finding") ?? string.Empty
        )
        {
            Cve = row.Text("cve") ?? string.Empty,
            Cwe = row.Text("cwe") ?? string.Empty,
        };
}
