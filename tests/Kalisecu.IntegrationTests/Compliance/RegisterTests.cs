using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Compliance.V1;
using Kalisecu.Errors.V1;
using Kalisecu.IntegrationTests.Tenants;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Compliance;

public sealed class RegisterTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly RegisterService.RegisterServiceClient _operator = new(
        server.Channel(SpiffeKind.Operator, "console")
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_processors_of_the_policy_are_entered_from_the_start_and_anyones_frontend_reads_them()
    {
        var anyone = new RegisterService.RegisterServiceClient(server.Channel(SpiffeKind.Frontend, "dashboard"));

        var list = await anyone.ListProcessorsAsync(new ListProcessorsRequest(), cancellationToken: Cancel);

        Assert.Equal(
            ["Brevo SAS FR", "OVH SAS FR", "Scaleway SAS FR", "Stripe Payments Europe Ltd IE", "Yousign SAS FR"],
            list.Processors.Where(p => p.Name is not "archive").Select(p => $"{p.LegalName} {p.Country}")
        );
    }

    [Fact]
    public async Task A_changed_entry_keeps_its_former_versions_and_an_ended_one_its_history()
    {
        var first = await SetAsync(AnArchive());
        var changed = AnArchive();
        changed.Hosts.Add("cold.archive.example");
        changed.ExpectedVersion = first.Version;
        var second = await SetAsync(changed);
        await Refused.WithAsync(ErrorReason.ChangedSinceRead, async () => await SetAsync(changed));
        var ended = await _operator.EndProcessorAsync(
            new EndProcessorRequest { Name = "archive", Reason = "not needed" },
            cancellationToken: Cancel
        );
        var versions = await _operator.ListProcessorVersionsAsync(
            new ListProcessorVersionsRequest { Name = "archive" },
            cancellationToken: Cancel
        );

        Assert.Equal(first.Version + 1, second.Version);
        Assert.NotNull(ended.Processor.EndTime);
        Assert.Equal([second.Version, first.Version], versions.Processors.Take(2).Select(p => p.Version));
        Assert.Single(versions.Processors[1].Hosts);
        await Refused.WithAsync(
            ErrorReason.NotFound,
            async () =>
                await _operator.EndProcessorAsync(
                    new EndProcessorRequest { Name = "archive", Reason = "again" },
                    cancellationToken: Cancel
                )
        );
    }

    [Fact]
    public async Task A_signed_agreement_is_kept_encrypted_and_comes_back_as_it_was()
    {
        var document = ClientDesk.Pdf(200_000);
        var signed = await RecordAsync("yousign", "2026-05-04", document);
        using var call = _operator.DownloadProcessorAgreement(
            new DownloadProcessorAgreementRequest { Name = "yousign" },
            cancellationToken: Cancel
        );
        var read = new List<byte>();
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(Cancel))
        {
            read.AddRange(chunk.Chunk);
        }

        Assert.Equal(document, read);
        Assert.Equal("2026-05-04", signed.AgreementDate);
        Assert.Equal(SHA256.HashData(document), signed.AgreementDigest.ToByteArray());
        await Refused.WithAsync(
            ErrorReason.DocumentNotPdf,
            async () => await RecordAsync("yousign", "2026-05-04", [1, 2, 3])
        );
        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            async () => await RecordAsync("yousign", "2999-01-01", document)
        );
        await Refused.WithAsync(ErrorReason.NotFound, async () => await RecordAsync("nobody", "2026-05-04", document));
    }

    [Theory]
    [InlineData("*.fr")]
    [InlineData("http://x.example/")]
    [InlineData("fr")]
    public async Task A_host_that_names_too_much_or_no_host_is_refused(string host)
    {
        var request = AnArchive();
        request.Hosts.Add(host);

        await Refused.WithAsync(ErrorReason.InvalidRequest, async () => await SetAsync(request));
    }

    [Fact]
    public async Task The_register_of_processing_is_made_from_the_columns_in_both_languages()
    {
        var french = await ExportAsync(RegisterKind.Processing, RegisterFormat.Json, RegisterLanguage.Fr);
        var english = await ExportAsync(RegisterKind.Processing, RegisterFormat.Json, RegisterLanguage.En);
        var page = await ExportAsync(RegisterKind.Processing, RegisterFormat.Html, RegisterLanguage.Fr);
        using var json = JsonDocument.Parse(french);

        var service = json
            .RootElement.GetProperty("entries")
            .EnumerateArray()
            .First(e => e.GetProperty("purpose").GetString() is "Exécuter la prestation");
        Assert.Contains("members", service.GetProperty("stores").GetString(), StringComparison.Ordinal);
        Assert.Contains("OVH SAS (FR)", service.GetProperty("recipients").GetString(), StringComparison.Ordinal);
        Assert.Equal("Aucun", service.GetProperty("transfers").GetString());
        Assert.Contains("KALICERTIF SAS", french, StringComparison.Ordinal);
        Assert.Contains("Performing the service", english, StringComparison.Ordinal);
        Assert.Contains("As long as the contract runs", english, StringComparison.Ordinal);
        Assert.Contains("<th>Finalité</th>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_register_of_processors_is_written_as_a_table_for_spreadsheets()
    {
        var csv = await ExportAsync(RegisterKind.Processors, RegisterFormat.Csv, RegisterLanguage.En);

        Assert.StartsWith("Short name,Company,Role,Country,", csv, StringComparison.Ordinal);
        Assert.Contains("\r\nstripe,Stripe Payments Europe Ltd,Payment,IE,Invoicing,", csv, StringComparison.Ordinal);
    }

    private static SetProcessorRequest AnArchive() =>
        new()
        {
            Name = "archive",
            LegalName = "Archive SAS",
            Role = ProcessorRole.Other,
            Country = "FR",
            Purposes = { ProcessingPurpose.Service },
            Hosts = { "archive.example" },
        };

    private async Task<Processor> SetAsync(SetProcessorRequest request) =>
        (await _operator.SetProcessorAsync(request, cancellationToken: Cancel)).Processor;

    private async Task<string> ExportAsync(RegisterKind register, RegisterFormat format, RegisterLanguage language)
    {
        var request = new ExportRegisterRequest
        {
            Register = register,
            Format = format,
            Language = language,
        };
        return (await _operator.ExportRegisterAsync(request, cancellationToken: Cancel)).Content.ToStringUtf8();
    }

    private async Task<Processor> RecordAsync(string name, string date, byte[] document)
    {
        using var call = _operator.RecordProcessorAgreement(cancellationToken: Cancel);
        try
        {
            await call.RequestStream.WriteAsync(
                new()
                {
                    Header = new AgreementHeader { Name = name, AgreementDate = date },
                },
                Cancel
            );
            foreach (var chunk in document.Chunk(64 * 1024))
            {
                await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk) }, Cancel);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception broken) when (broken is RpcException or InvalidOperationException)
        {
            // The server may refuse before it has read everything; its answer says why.
        }

        return (await call.ResponseAsync).Processor;
    }
}
