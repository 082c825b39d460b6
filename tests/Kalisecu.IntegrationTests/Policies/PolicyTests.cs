using Kalisecu.Errors.V1;
using Kalisecu.Policies.V1;
using Kalisecu.TestKit;
using Npgsql;

namespace Kalisecu.IntegrationTests.Policies;

public sealed class PolicyTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly PolicyDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_policy_that_was_published_is_there_from_the_start_in_both_languages()
    {
        var french = await _desk.Anyone.GetPolicyVersionAsync(
            new GetPolicyVersionRequest { Number = 1 },
            cancellationToken: Cancel
        );
        var english = await _desk.Anyone.GetPolicyVersionAsync(
            new GetPolicyVersionRequest { Number = 1, Language = PolicyLanguage.En },
            cancellationToken: Cancel
        );

        Assert.Equal("2026-05-04", french.Version.EffectDate);
        Assert.Equal(PolicyState.Published, french.Version.State);
        Assert.Equal(34, french.Version.ClauseIds.Count);
        Assert.Contains(
            "Le responsable du traitement est KALICERTIF SAS",
            french.Text.Markdown,
            StringComparison.Ordinal
        );
        Assert.Contains("The controller is KALICERTIF SAS", english.Text.Markdown, StringComparison.Ordinal);
        Assert.Contains("<h1>Politique de confidentialité</h1>", french.Text.Html, StringComparison.Ordinal);
        Assert.Contains("<td>OVH SAS</td>", english.Text.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", french.Text.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_is_staffs_alone_and_changes_until_it_is_published()
    {
        var draft = await _desk.DraftAsync(_desk.ADraft(substantial: false));
        var hidden = await Refused.WithAsync(
            ErrorReason.NotFound,
            async () =>
                await _desk.Anyone.GetPolicyVersionAsync(
                    new GetPolicyVersionRequest { Number = draft.Number },
                    cancellationToken: Cancel
                )
        );
        var changed = await _desk.Operator.UpdatePolicyVersionAsync(
            new UpdatePolicyVersionRequest
            {
                Number = draft.Number,
                UpdateMask = new Google.Protobuf.WellKnownTypes.FieldMask { Paths = { "summary_en" } },
                SummaryEn = "Two sentences.",
                Etag = draft.Etag,
            },
            cancellationToken: Cancel
        );
        await Refused.WithAsync(
            ErrorReason.ChangedSinceRead,
            async () =>
                await _desk.Operator.PublishPolicyVersionAsync(
                    new PublishPolicyVersionRequest { Number = draft.Number, Etag = draft.Etag },
                    cancellationToken: Cancel
                )
        );
        await _desk.PublishAsync(draft.Number);

        Assert.NotNull(hidden);
        Assert.Equal("Two sentences.", changed.Version.SummaryEn);
        Assert.Equal(draft.SummaryFr, changed.Version.SummaryFr);
        await Refused.WithAsync(ErrorReason.PolicyNotDraft, async () => await _desk.PublishAsync(draft.Number));
        await Refused.WithAsync(
            ErrorReason.PolicyNotDraft,
            async () =>
                await _desk.Operator.DiscardPolicyVersionAsync(
                    new DiscardPolicyVersionRequest { Number = draft.Number },
                    cancellationToken: Cancel
                )
        );
    }

    [Fact]
    public async Task What_was_published_cannot_be_changed_even_by_the_owner_of_the_table()
    {
        await using var source = NpgsqlDataSource.Create(server.Database.Owner);
        await using var change = source.CreateCommand("update policy_versions set text_fr = 'Rien.' where number = 1");
        await using var delete = source.CreateCommand("delete from policy_versions where number = 1");

        var changed = await Assert.ThrowsAsync<PostgresException>(() => change.ExecuteNonQueryAsync(Cancel));
        var deleted = await Assert.ThrowsAsync<PostgresException>(() => delete.ExecuteNonQueryAsync(Cancel));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, changed.SqlState);
        Assert.Equal(PostgresErrorCodes.RestrictViolation, deleted.SqlState);
    }

    [Fact]
    public async Task A_version_without_its_controller_its_summary_or_a_day_to_come_is_not_published()
    {
        var nobody = _desk.ADraft();
        nobody.TextEn = "# Policy\n\nWe do as we like.";
        var silent = _desk.ADraft();
        silent.SummaryFr = "";
        var late = _desk.ADraft(daysAhead: -1);

        await RefusedAsync(ErrorReason.PolicyIncomplete, nobody);
        await RefusedAsync(ErrorReason.PolicyIncomplete, silent);
        await RefusedAsync(ErrorReason.PolicyEffectDate, late);
    }

    [Theory]
    [InlineData("![tracker](https://elsewhere.example/pixel.gif)")]
    [InlineData("[click](javascript:alert(1))")]
    [InlineData("<javascript:alert(1)>")]
    public async Task A_text_that_loads_or_runs_something_is_refused(string part)
    {
        var draft = _desk.ADraft();
        draft.TextFr += "\n\n" + part;

        await Refused.WithAsync(ErrorReason.InvalidRequest, async () => await _desk.DraftAsync(draft));
    }

    [Fact]
    public async Task Two_versions_are_compared_line_by_line()
    {
        var first = _desk.ADraft(substantial: false);
        var second = _desk.ADraft(substantial: false);
        second.TextEn = second.TextEn.Replace("a sentence", "two sentences", StringComparison.Ordinal);
        var (older, newer) = (await _desk.DraftAsync(first), await _desk.DraftAsync(second));
        await _desk.PublishAsync(older.Number);
        await _desk.PublishAsync(newer.Number);

        var diff = await _desk.Anyone.DiffPolicyVersionsAsync(
            new DiffPolicyVersionsRequest
            {
                FromNumber = older.Number,
                ToNumber = newer.Number,
                Language = PolicyLanguage.En,
            },
            cancellationToken: Cancel
        );

        Assert.Contains(new DiffLine { Kind = DiffKind.Same, Text = "# Policy" }, diff.Lines);
        Assert.Contains(new DiffLine { Kind = DiffKind.Removed, Text = "We add a sentence." }, diff.Lines);
        Assert.Contains(new DiffLine { Kind = DiffKind.Added, Text = "We add two sentences." }, diff.Lines);
    }

    private async Task RefusedAsync(ErrorReason reason, CreatePolicyVersionRequest draft)
    {
        var version = await _desk.DraftAsync(draft);
        await Refused.WithAsync(reason, async () => await _desk.PublishAsync(version.Number));
    }
}
