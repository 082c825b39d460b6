using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Persistence;

/// <summary>
/// The mapper over the whole schema. Entities are found through their <c>*Table</c> classes, so a capability adds its table
/// by having one; the schema itself is made by the migrations.
/// </summary>
internal sealed class KalisecuDb(DbContextOptions<KalisecuDb> options) : DbContext(options)
{
    /// <summary>Whose rows this unit of work may see; null until bound, and then every transaction is refused.</summary>
    public TenantScope? Scope { get; private set; }

    /// <summary>
    /// Whose rows this unit of work writes: the tenant's, or those of <see cref="TenantScope.Platform"/>. Their fields are
    /// sealed with the key of the same owner.
    /// </summary>
    public Guid Owner => Scope?.Owner ?? throw new InvalidOperationException("The unit of work is bound to no scope.");

    public void Bind(TenantScope scope) => Scope = scope;

    // Contexts are pooled: a scope must not reach the next user.
    public override void Dispose()
    {
        Scope = null;
        base.Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        Scope = null;
        return base.DisposeAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(KalisecuDb).Assembly);
}
