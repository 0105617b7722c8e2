//! With a window on a desk: the person plays the villager on the screen, and lays the card down here.

use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::DemoError;
use super::stage::{Stage, Terminal};

const HELP: &str = "\
终端窗口已经打开。在这里输入命令，代替手上的动作：
  卡 或 card        把身份证放到读卡器上
  拿 或 lift        把身份证拿走
  缺纸 / 加纸       打印机没纸 / 加上纸   （paper-out / paper-ok）
  断网 / 通网       平台停下 / 恢复       （offline / online）
  退出 或 quit      结束演示";

/// Serves until the window is closed or the person has enough.
pub async fn serve(stage: &mut Stage, mut terminal: Terminal) -> Result<(), DemoError> {
    println!("{HELP}");
    println!("打印出来的纸：{}", stage.paper().display());
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut reading = true;
    let mut look = tokio::time::interval(std::time::Duration::from_millis(500));
    loop {
        tokio::select! {
            _ = look.tick() => if terminal.ended() { return Ok(()) },
            line = lines.next_line(), if reading => match line {
                Ok(Some(line)) => {
                    if matches!(line.trim(), "退出" | "quit" | "q") {
                        return Ok(());
                    }
                    if let Err(error) = obey(stage, line.trim()).await {
                        println!("{error}");
                    }
                }
                // No one types here; the window alone decides.
                Ok(None) | Err(_) => reading = false,
            },
        }
    }
}

async fn obey(stage: &mut Stage, line: &str) -> Result<(), DemoError> {
    let own = || DemoError::of("演示", &"这台设备是您自己接的，请直接在设备上操作。");
    match line {
        "卡" | "card" => {
            let reader = stage.reader.as_ref().ok_or_else(own)?;
            reader.order(&json!({"do": "place", "card": "default"}))?;
        }
        "拿" | "lift" => {
            stage.reader.as_ref().ok_or_else(own)?.tell("remove")?;
        }
        "缺纸" | "paper-out" => {
            stage.printer.as_ref().ok_or_else(own)?.tell("paper-out")?;
        }
        "加纸" | "paper-ok" => {
            stage.printer.as_ref().ok_or_else(own)?.tell("paper-ok")?;
        }
        "断网" | "offline" => stage.close_platform().await,
        "通网" | "online" => {
            if !stage.platform_is_open() {
                stage.open_platform().await?;
            }
        }
        "" => {}
        _ => println!("{HELP}"),
    }
    Ok(())
}
