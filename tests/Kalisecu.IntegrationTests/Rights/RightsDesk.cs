using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Evidence;
using Kalisecu.IntegrationTests.PrivacyRequests;
using Kalisecu.Keys;
using Kalisecu.Letters;
using Kalisecu.Objects;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Rights;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>A request of a member for every right, and the officer who carries them out through the real server.</summary>
internal sealed class RightsDesk
{
    private readonly TestServer _server;

    private RightsDesk(TestServer server, V1.RequestLanguage language) =>
        (_server, Requests) = (server, new RequestDesk(server) { Language = language });

    public V1.RightsService.RightsServiceClient Rights => new(_server.Channel(SpiffeKind.Frontend, "desk"));

    public RequestDesk Requests { get; }

    public Metadata Member { get; private set; } = [];

    public Metadata Officer { get; private set; } = [];

    /// <summary>Another officer, for what takes two.</summary>
    public Metadata Second { get; private set; } = [];

    public string Email { get; private set; } = "";

    public string RequestId { get; private set; } = "";

    public string PersonId { get; private set; } = "";

    public Guid Tenant { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Asked for by the member, or received by staff in a mail of the member's.</summary>
    public static Task<RightsDesk> OpenAsync(TestServer server, bool byStaff, params V1.Right[] rights) =>
        OpenAsync(server, byStaff, V1.RequestLanguage.Unspecified, rights);

    public static async Task<RightsDesk> OpenAsync(
        TestServer server,
        bool byStaff,
        V1.RequestLanguage language,
        params V1.Right[] rights
    )
    {
        var desk = new RightsDesk(server, language) { Email = RequestDesk.Address() };
        var (member, tenant, person) = await desk.Requests.MemberAsync(desk.Email);
        (desk.Member, desk.Tenant, desk.PersonId) = (member, tenant, person.ToString("D"));
        desk.Officer = await server.Given.SignedInAsync(Role.StaffDpo, tenant);
        desk.Second = await server.Given.SignedInAsync(Role.StaffDpo, tenant);
        var request = byStaff
            ? await desk.Requests.ReceiveAsync(desk.Email, await desk.Requests.OfficerAsync(), rights)
            : await desk.Requests.CreateAsync(member, everywhere: false, rights);
        desk.RequestId = request.PrivacyRequestId;
        if (byStaff)
        {
            await desk.Requests.Requests.JudgeIdentityAsync(
                new V1.JudgeIdentityRequest
                {
                    PrivacyRequestId = desk.RequestId,
                    Grounds = "Known voice, called back on the number of the contract.",
                },
                await desk.Requests.OfficerAsync(),
                cancellationToken: Cancel
            );
        }

        return desk;
    }

    public async Task<V1.PrivacyRequest> RequestAsync() =>
        await Requests.GetAsync(RequestId, await Requests.OfficerAsync());

    public Task<V1.PrivacyRequest> CompleteAsync() => Requests.CompleteAsync(RequestId);

    /// <summary>The newest letter of a kind about the request.</summary>
    public Task<(string Recipient, string Subject, string Plain)> LetterAsync(string kind) =>
        Requests.LetterAsync(RequestId, kind);

    public async Task<V1.DataExport> ExportAsync(V1.ExportKind kind, V1.ExportLanguage language) =>
        (
            await Rights.CreateExportAsync(
                new V1.CreateExportRequest
                {
                    RequestId = Guid.CreateVersion7().ToString("D"),
                    PrivacyRequestId = RequestId,
                    PersonId = PersonId,
                    Kind = kind,
                    Language = language,
                },
                Officer,
                cancellationToken: Cancel
            )
        ).Export;

    /// <summary>The person's erasure, planned by one officer and approved by another.</summary>
    public async Task<string> ApprovedErasureAsync()
    {
        var planned = (
            await Rights.PlanErasureAsync(
                new V1.PlanErasureRequest { PrivacyRequestId = RequestId, PersonId = PersonId },
                Officer,
                cancellationToken: Cancel
            )
        ).Erasure;
        await Rights.ApproveErasureAsync(
            new V1.ApproveErasureRequest { ErasureId = planned.ErasureId, PlanEtag = planned.Etag },
            Second,
            cancellationToken: Cancel
        );
        return planned.ErasureId;
    }

    /// <summary>Through a link that the person makes, fetched by a frontend where nobody is signed in.</summary>
    public async Task<(string Text, string Token)> FetchAsync(V1.DataExport export, V1.ExportFormat format)
    {
        var link = await Rights.CreateExportLinkAsync(
            new V1.CreateExportLinkRequest { ExportId = export.ExportId, Format = format },
            Member,
            cancellationToken: Cancel
        );
        return (await FetchAsync(link.Token), link.Token);
    }

    public async Task<string> FetchAsync(string token)
    {
        using var call = Rights.FetchExport(new V1.FetchExportRequest { Token = token }, cancellationToken: Cancel);
        using var bytes = new MemoryStream();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Cancel))
        {
            await bytes.WriteAsync(message.Chunk.Memory, Cancel);
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>What the retention worker does each minute, under its own database role.</summary>
    public async Task<int> WorkAsync()
    {
        var settings = _server.Settings;
        var services = new ServiceCollection();
        services.AddSingleton<IClock>(_server.Clock);
        services.AddLogging(logging => logging.ClearProviders());
        services.AddKalisecuDatabase(_server.Database.Connection(DatabaseRoles.Retention));
        services.AddKeys(settings.Keys.Folder, settings.Keys.KeyEncryptionKeyFile);
        services.AddObjects(settings.Objects.Folder);
        services.AddLetters(new ControllerProfile());
        services.AddSingleton<EvidenceLog>();
        services.AddSingleton<LetterBox>();
        services.AddSingleton<PersonDirectory>();
        services.AddSingleton(_server.Services.GetRequiredService<PersonStores>());
        services.AddSingleton(
            new ErasureJournalFolder(
                settings.Erasures.JournalFolder,
                Path.Combine(settings.Keys.Folder, JournalHead.FileName)
            )
        );
        services.AddErasures();
        await using var worker = services.BuildServiceProvider();
        return await worker.GetRequiredService<ExecuteErasure>().RunDueAsync(Cancel);
    }

    public Task<long> EvidenceAsync(string kind) =>
        _server.Given.AskAsync<long>(
            "select count(*) from evidence_entries where kind = $1 and (tenant_id = $2 or facts->>'tenant' = $2::text)",
            kind,
            Tenant
        );
}
