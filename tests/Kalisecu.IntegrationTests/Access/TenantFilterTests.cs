using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Access;

/// <summary>
/// Row security is the last wall, not the only one: with it taken away, no method may give out or change what is another
/// tenant's. So a filter that somebody forgets is found although the wall behind it would hold.
/// </summary>
public sealed class TenantFilterTests(TestServer server) : IClassFixture<TestServer>, IAsyncLifetime
{
    private readonly MatrixCalls _calls = new(server);

    public async ValueTask InitializeAsync()
    {
        await server.Given.RunAsync(
            """
            do $$ declare one record; begin
                for one in select c.oid::regclass as name from pg_class c
                    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
                loop
                    execute format('alter table %s disable row level security', one.name);
                end loop;
            end $$
            """
        );
    }

    public ValueTask DisposeAsync()
    {
        _calls.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Without_row_security_another_tenants_row_is_still_as_absent_as_one_that_never_was()
    {
        var wrong = await _calls.CompareForeignWithAbsentAsync();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public async Task Without_row_security_no_list_names_anything_of_another_tenant()
    {
        var wrong = await _calls.FindForeignInListsAsync();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }
}
