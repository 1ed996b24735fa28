//! `motcua check`: reads seeds and configuration and names every fault.

use crate::cli::DataArgs;
use crate::config;
use crate::seed::{self, Loaded, SeedSource};
use crate::world::{Exit, World};
use clap::Args;

/// Flags of `check`.
#[derive(Args, Clone, Debug, Default)]
pub struct CheckArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
}

/// Checks the configuration, then the seeds that it names (or `--seeds`, or the built-in ones).
pub fn run(args: &CheckArgs, world: &mut World<'_>) -> Exit {
    let mut found = 0;
    let (source, codes) = match config::load(&args.place.flags(None), &world.env) {
        Ok(config) => {
            world.say("cấu hình: tốt / configuration: fine");
            if !config.org.code_confirmed {
                world.say(
                    "org.code_confirmed: mã định danh còn suy ra, chờ cơ quan xác nhận / \
                     organisation codes are inferred, the authority has to confirm them",
                );
            }
            (config.data.seed_source(), config.org.codes())
        }
        Err(faults) => {
            faults.iter().for_each(|fault| world.say(fault));
            found += faults.len();
            let by_flag = args.place.seeds.clone();
            (by_flag.map_or(SeedSource::Embedded, SeedSource::Folder), Vec::new())
        }
    };
    match seed::load_with(&source, &codes) {
        Ok(loaded) => world.say(summary(&loaded)),
        Err(faults) => {
            faults.iter().for_each(|fault| world.say(fault));
            found += faults.len();
        }
    }
    if found == 0 {
        return Exit::Fine;
    }
    world.warn(format_args!("{found} lỗi / {found} faults"));
    Exit::Refused
}

fn summary(loaded: &Loaded) -> String {
    let units = loaded.units.len();
    let procedures = loaded.procedures.len();
    let unsure = loaded.procedures.values().filter(|p| !p.inferred.is_empty()).count();
    let (posts, accounts) = (loaded.posts.len(), loaded.demo.accounts.len());
    format!(
        "dữ liệu gốc: tốt, {units} đơn vị, {posts} vị trí, {procedures} thủ tục \
         ({unsure} có cột suy ra), {accounts} tài khoản mẫu\n\
         seeds: fine, {units} units, {posts} posts, {procedures} procedures \
         ({unsure} with inferred columns), {accounts} demo accounts"
    )
}
